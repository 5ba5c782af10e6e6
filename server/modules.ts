/**
 * The modules in their one fixed order, lowest first: the architecture in one array. A module imports only modules
 * before it in this list, and of those only schema, queries and mutations; so there can be no cycle.
 * A name here is used unchanged as folder, router key, job prefix, permission prefix, schema file, URL and test file.
 */
export const MODULES = ["settings", "access", "telemetry", "queues", "limits", "services", "backups", "coverage", "loadtests", "readiness"] as const;
