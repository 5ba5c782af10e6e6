/** Words that several schemas of access share: names, addresses, passwords. */
import * as z from "zod";
import { ROLES } from "../../platform/permissions.ts";
import { PASSWORD_MAX_LENGTH } from "./password-rule.ts";

const NAME_MAX = 80;
const EMAIL_MAX = 254;
export const TEXT_MAX = 200;
const ID_MAX = 64;

export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

const NO_EMAIL = "Enter an email address, such as maya@example.com.";
/** Looked at before it is made lower case: the Kelvin sign, for one, would become a plain k. */
const ASCII = /^[\x21-\x7e]+$/;
export const Email = z.string().trim().max(EMAIL_MAX).regex(ASCII, NO_EMAIL).toLowerCase().pipe(z.email(NO_EMAIL));
export const name = z.string().trim().min(1, "Enter a name.").max(NAME_MAX);
export const id = z.string().min(1).max(ID_MAX);
/** Its rule depends on the account, so `passwordProblem` runs in the operation. */
export const password = z.string().min(1).max(PASSWORD_MAX_LENGTH);
