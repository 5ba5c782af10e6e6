/** Reads what a TLS peer presented: dates, names and, when it does not verify, the reason in plain words. */
import type { TLSSocket } from "node:tls";
import { DAY_MS, type Clock } from "../clock.ts";
import type { CertificateFacts } from "./outbound.ts";

const PROBLEMS: Record<string, string> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "signed by an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "signed by an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "signed by an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "signed by an unknown authority",
  CERT_REVOKED: "revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "for another name",
};

/** Longest name kept from a certificate; the peer chose it. */
const MAX_NAME_LENGTH = 200;

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(", ") : (value ?? "")).slice(0, MAX_NAME_LENGTH);

/** Facts of the peer's certificate, or null when it sent none. A problem other than expiry hides behind expiry. */
export function certificateFacts(socket: TLSSocket, now: Clock): CertificateFacts | null {
  const certificate = socket.getPeerCertificate();
  if (Object.keys(certificate).length === 0) return null;
  const ends = Date.parse(certificate.valid_to);
  // A date that cannot be read cannot be relied on: it counts as long past.
  const validTo = new Date(Number.isNaN(ends) ? 0 : ends);
  const code = socket.authorized ? "" : (socket.authorizationError as unknown as string | Error | undefined);
  const reason = code instanceof Error ? ((code as { code?: string }).code ?? code.message) : code;
  return {
    validTo,
    daysLeft: Math.floor((validTo.getTime() - now().getTime()) / DAY_MS),
    issuer: text(certificate.issuer?.CN ?? certificate.issuer?.O),
    subject: text(certificate.subject?.CN ?? certificate.subjectaltname),
    isAuthorized: socket.authorized,
    problem: reason ? (PROBLEMS[reason] ?? "not trusted") : null,
  };
}
