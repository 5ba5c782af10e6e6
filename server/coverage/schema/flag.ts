/** The names that flags may have. Apart from the schemas, so that pages can ask without loading a validator. */
export const FLAG_PATTERN = /^[a-z0-9][a-z0-9._-]{0,39}$/;
export const FLAG_PROBLEM = "Use letters, digits and . _ -";
