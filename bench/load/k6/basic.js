// A hundred users: up in two minutes, five minutes of it, down in two.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = {
  stages: [{ duration: "2m", target: 100 }, { duration: "5m", target: 100 }, { duration: "2m", target: 0 }],
  thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] },
};

export default function visit() {
  const answer = http.get(`${URL}/health/live`);
  check(answer, { "answers 200": (each) => each.status === 200 });
  sleep(1);
}
