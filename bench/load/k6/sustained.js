// Five hundred requests a second for ten minutes.
import http from "k6/http";
import { check } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = {
  scenarios: { rate: { executor: "constant-arrival-rate", rate: 500, timeUnit: "1s", duration: __ENV.DURATION || "10m", preAllocatedVUs: 100, maxVUs: 1000 } },
  thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] },
};

export default function visit() {
  check(http.get(`${URL}/health/live`), { "answers 200": (each) => each.status === 200 });
}
