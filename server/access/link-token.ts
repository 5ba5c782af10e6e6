/** The token of a one-time link: 32 random bytes as base64url. Only its SHA-256 is stored. */
import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

/** Makes a token of 43 characters. */
export const makeLinkToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** What is stored and searched for, hex. */
export const hashLinkToken = (token: string): string => createHash("sha256").update(token).digest("hex");
