// Jobs come faster than they are done.
import http from "k6/http";
import { check } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";
const headers = __ENV.KEY ? { Authorization: `Bearer ${__ENV.KEY}` } : {};

export const options = { vus: Number(__ENV.WORKERS || 20), duration: "1m", thresholds: { http_req_failed: ["rate<0.05"] } };

export default function visit() {
  const answer = http.post(`${URL}/api/v1/services/seaworthy/readiness/evaluate`, "{}", { headers: { ...headers, "Content-Type": "application/json" } });
  check(answer, { "is taken": (each) => each.status === 200 });
}
