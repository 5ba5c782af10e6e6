// Far more readers than database connections: they wait their turn, and afterwards everything is as before.
import http from "k6/http";
import { check } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";
const headers = __ENV.KEY ? { Authorization: `Bearer ${__ENV.KEY}` } : {};

const PATHS = ["/services?limit=100", "/readiness?limit=100", "/coverage?limit=100", "/access/audit?limit=100"];

export const options = { vus: 200, duration: "1m", thresholds: { http_req_duration: ["p(95)<10000"], http_req_failed: ["rate<0.05"] } };

export default function visit() {
  const path = PATHS[Math.floor(Math.random() * PATHS.length)];
  check(http.get(`${URL}/api/v1${path}`, { headers }), { "answers 200": (each) => each.status === 200 });
}
