// Ten operators read lists and summaries.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";
const headers = __ENV.KEY ? { Authorization: `Bearer ${__ENV.KEY}` } : {};

const PATHS = ["/services?limit=20", "/services/summary", "/queues/summary", "/readiness/summary"];

export const options = { vus: 10, duration: "1m", thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] } };

export default function visit() {
  const path = PATHS[Math.floor(Math.random() * PATHS.length)];
  const answer = http.get(`${URL}/api/v1${path}`, { headers });
  check(answer, { "answers 200": (each) => each.status === 200 });
  sleep(1);
}
