/** What can be read of services. */
export { getBulk, previewBulk } from "./bulk.ts";
export { listDefinitions } from "./definitions.ts";
export { findCheck, findService, getCheck, getService, listTransitions } from "./detail.ts";
export { listChangedServices, readServiceFacts, type CheckFacts, type ServiceFacts } from "./facts.ts";
export { planImport, previewImport } from "./import.ts";
export { FACETS_GROUP, listKnownFacets, listServices, readServicesSummary } from "./list.ts";
export { countChecksByKey, countOutdatedChecks } from "./sealed.ts";
export { listResults, readLatency } from "./series.ts";
