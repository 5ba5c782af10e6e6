// From nothing to a thousand requests a second within ten seconds.
import http from "k6/http";
import { check } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = {
  scenarios: { rate: { executor: "ramping-arrival-rate", startRate: 0, timeUnit: "1s", preAllocatedVUs: 300, maxVUs: 2000, stages: [{ duration: "10s", target: 1000 }, { duration: "30s", target: 1000 }] } },
  thresholds: { http_req_failed: ["rate<0.05"] },
};

export default function visit() {
  check(http.get(`${URL}/health/live`), { "answers 200": (each) => each.status === 200 });
}
