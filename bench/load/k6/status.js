// Pages that poll the status.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = { vus: 50, duration: "1m", thresholds: { http_req_duration: ["p(95)<200"], http_req_failed: ["rate<0.01"] } };

export default function visit() {
  const answer = http.get(`${URL}/health/status`);
  check(answer, { "answers": (each) => each.status === 200 || each.status === 503 });
  sleep(1);
}
