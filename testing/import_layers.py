"""Contract for import-linter: layers of apps, each importing only from lower ones; tests are exempt."""

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.layers import LayersContract


class AppLayers(LayersContract):
    """Layers of the apps without their tests.

    The tests of an app may use a higher one to make their data. Leaving out the modules named `tests` here needs no
    list of ignored imports, in which a real one could hide.
    """

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check the graph without tests."""
        for module in graph.modules:
            if "tests" in module.split("."):
                graph.remove_module(module)
        return super().check(graph, verbose)
