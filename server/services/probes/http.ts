/** Calls an address through the guarded client and judges the answer; reads components from a health document. */
import type { HttpCheck } from "../check-config.ts";
import { judgeHttp } from "../conditions.ts";
import { decodeBody } from "../health-documents/plain-text.ts";
import { readHealthDocument } from "../health-documents/read-document.ts";
import type { Probe } from "./reading.ts";

/** What is read of a body; health documents and pages worth matching are far smaller. */
const MAX_BODY_BYTES = 1_048_576;

export const probeHttp: Probe<HttpCheck> = async (world, check, limits) => {
  const answer = await world.http.request({
    url: check.url,
    method: check.method,
    headers: Object.fromEntries(check.headers.map((header) => [header.name, header.value])),
    body: check.body === "" ? undefined : check.body,
    timeoutMs: limits.timeoutMs,
    signal: limits.signal,
    maxBodyBytes: MAX_BODY_BYTES,
    maxRedirects: check.followRedirects,
    ignoreCertificateErrors: check.ignoreCertificateErrors,
  });
  const body = decodeBody(answer.body, answer.headers["content-type"]);
  const document = check.readsHealthDocument && !answer.isTruncated ? readHealthDocument(body) : null;
  const latencyMs = answer.timings.totalMs;
  const judgement = judgeHttp(check, {
    status: answer.status,
    latencyMs,
    body,
    isTruncated: answer.isTruncated,
    certificate: answer.certificate,
    document,
  });
  return {
    ...judgement,
    latencyMs,
    httpStatus: answer.status,
    certificateExpiresAt: answer.certificate?.validTo ?? null,
    components: document?.components ?? [],
    timings: answer.timings,
  };
};
