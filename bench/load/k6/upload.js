// Reports as uploads, each different, several at once.
import http from "k6/http";
import { check, sleep } from "k6";

const URL = __ENV.URL || "http://127.0.0.1:3000";
const headers = __ENV.KEY ? { Authorization: `Bearer ${__ENV.KEY}` } : {};

export const options = { vus: 10, duration: "1m", thresholds: { http_req_duration: ["p(95)<5000"], http_req_failed: ["rate<0.05"] } };

export default function visit() {
  const report = { state: { testRunDurationMs: 1000 }, metrics: { http_reqs: { type: "counter", values: { count: 100 + __ITER, rate: 10 } }, http_req_failed: { type: "rate", values: { rate: 0 } }, http_req_duration: { type: "trend", values: { med: 10, "p(95)": 20 + __VU } } } };
  const answer = http.post(`${URL}/api/v1/loadtests/reports?service=seaworthy&scenario=upload-target`, JSON.stringify(report), { headers: { ...headers, "Content-Type": "application/json" } });
  check(answer, { "is taken": (each) => each.status === 200 });
  sleep(1);
}
