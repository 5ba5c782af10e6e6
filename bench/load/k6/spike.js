// Five hundred users at once, twice.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";

export const options = {
  stages: [{ duration: "30s", target: 10 }, { duration: "5s", target: 500 }, { duration: "1m", target: 500 }, { duration: "5s", target: 10 }, { duration: "30s", target: 10 }, { duration: "5s", target: 500 }, { duration: "30s", target: 0 }],
  thresholds: { http_req_failed: ["rate<0.05"] },
};

export default function visit() {
  const answer = http.get(`${URL}/health/live`);
  check(answer, { "answers 200": (each) => each.status === 200 });
  sleep(1);
}
