"use client";
import { Button } from "@mantine/core";
import { EmptyState } from "../data/empty-state.tsx";

const NOTES = [
  { title: "Told by content", text: "k6 in all its shapes, autocannon and Artillery; the console finds out which it is." },
  { title: "Baselines by hand", text: "Promote a run that is good. Later ones are held against it, with room for noise." },
  { title: "A gate for pipelines", text: "One request says whether the newest runs hold, and every reason why not." },
];

/** How the first report gets in. */
export function FirstRun({ origin, onSample }: { origin: string; onSample: () => void }) {
  const env = `export SEAWORTHY_URL=${origin}\nexport SEAWORTHY_API_KEY=sw_your_key\n`;
  const push = (file: string, scenario: string) => `npx seaworthy loadtest push ${file} \\\n  --service seaworthy --scenario ${scenario}`;
  const curl = `curl -X POST "${origin}/api/v1/loadtests/reports?service=seaworthy&scenario=checkout" \\\n  -H "Authorization: Bearer $SEAWORTHY_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  --data-binary @report.json`;
  return (
    <EmptyState
      drawing="bars"
      title="Push the first load test"
      sentence="Run the tool you have and send the JSON that it writes. The key needs the scope loadtests:write."
      snippets={[
        { name: "autocannon", code: `${env}npx autocannon --json -c 10 -d 10 ${origin}/health/live > report.json\n${push("report.json", "health")}` },
        { name: "k6", code: `${env}k6 run --summary-export report.json script.js\n${push("report.json", "checkout")}` },
        { name: "k6 stream", code: `${env}k6 run --out json=samples.json script.js\n${push("samples.json", "checkout")}` },
        { name: "Artillery", code: `${env}npx artillery run --output report.json test.yml\n${push("report.json", "checkout")}` },
        { name: "curl", code: curl },
      ]}
      further={<Button variant="default" onClick={onSample}>See it with sample data</Button>}
      listening="Listening, this page changes when a report arrives"
      notes={NOTES}
    />
  );
}
