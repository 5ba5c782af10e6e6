// Up to a thousand users, and whether it recovers.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = {
  stages: [{ duration: "2m", target: 200 }, { duration: "3m", target: 500 }, { duration: "3m", target: 1000 }, { duration: "2m", target: 1000 }, { duration: "2m", target: 0 }],
  thresholds: { http_req_failed: ["rate<0.05"] },
};

export default function visit() {
  const answer = http.get(`${URL}/health/live`);
  check(answer, { "answers 200": (each) => each.status === 200 });
  sleep(1);
}
