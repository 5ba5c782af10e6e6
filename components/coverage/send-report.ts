/** Sends a file to the REST address of uploads, as a pipeline would, with the session of the page. */
import type { PushResult } from "../../server/coverage/schema/index.ts";

export type ReportFields = { service: string; commit: string; branch: string; flag: string };

/** Throws an Error with the server's own words. */
export async function sendReport(file: File, fields: ReportFields): Promise<PushResult> {
  const answer = await fetch(`/api/v1/coverage/reports?${new URLSearchParams(fields).toString()}`, { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });
  const body = (await answer.json()) as PushResult & { detail?: string };
  if (!answer.ok) throw new Error(body.detail ?? "The report could not be sent. Nothing was kept.");
  return body;
}
