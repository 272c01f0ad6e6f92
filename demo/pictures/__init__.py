"""Pictures of the demo shop, drawn with Pillow only: products on a stand, or their contents on a plate.

The same product gives the same bytes every time.
"""

from demo.pictures.look import Look
from demo.pictures.views import draw

__all__ = ["Look", "draw"]
