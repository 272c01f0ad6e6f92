/* global SwaggerUIBundle */
// A file and not part of the page: the Content-Security-Policy of /docs allows no inline script.
SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.schema,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
});
