/** Checks of the OpenAPI file (`make contract`): all rules of both sets, except for what is wrong for this API. */
import { oas } from "@stoplight/spectral-rulesets";
import owasp from "@stoplight/spectral-owasp-ruleset";

/** @param {string} type of a schema of what clients send: parameters, and bodies (the components *Request) */
const sent = (type) => [
  `$.paths[*][*].parameters[*][?(@ && @.type=="${type}")]`,
  `$.components.schemas[?(@property.match(/Request$/))]..[?(@ && @.type=="${type}")]`,
];

// Limits protect the server from what clients send; responses are its own.
const aliases = {
  ...owasp.aliases,
  ArrayProperties: sent("array"),
  IntegerProperties: sent("integer"),
  StringProperties: sent("string"),
};

export default {
  extends: [
    [oas, "all"],
    [{ ...owasp, aliases }, "all"],
  ],
  rules: {
    // The contacts of a shop belong to the shop, not to the API.
    "info-contact": "off",
    // Ids are numbers: those of products are public, and another customer's order is a 404.
    "owasp:api1:2023-no-numeric-ids": "off",
    // Clients get 429 with Retry-After. What is left of a limit would be untrue: cached responses are not counted.
    "owasp:api4:2023-rate-limit": "off",
    // Operations without sign-in have no 401; a test checks that all others have.
    "owasp:api8:2023-define-error-responses-401": "off",
    // Only origins that the operator has listed get the header.
    "owasp:api8:2023-define-cors-origin": "off",
  },
};
