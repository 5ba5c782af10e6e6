"use client";
import { Button, TextInput } from "@mantine/core";
import { FormProblem } from "../data/form-problem.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { useMay } from "../shell/viewer.tsx";
import { useCreateService } from "./add-service.tsx";
import { completeAddress, nameOfAddress } from "./service-values.ts";
import styles from "./services.module.css";

const NOTES = [
  { title: "Checked every 30 s", text: "From the next second on. Two failures in a row make it down, one answer brings it back." },
  { title: "Parts too", text: "A health document in the answer (health+json, Spring Actuator, this console's own) shows each part by name." },
  { title: "More than HTTP", text: "TCP ports, PostgreSQL and Redis can be checked as well, and jobs can report by a ping, from the service's page." },
];

/** The first page of a newcomer: type an address, see it live. */
export function Newcomer({ origin }: { origin: string }) {
  const mayEdit = useMay("editor");
  const snippets = [
    { name: "curl", code: `curl -X POST ${origin}/api/v1/services \\\n  -H "Authorization: Bearer $SEAWORTHY_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"name":"Shop","address":"https://shop.example/health"}'` },
    { name: "JavaScript", code: `await fetch("${origin}/api/v1/services", {\n  method: "POST",\n  headers: { authorization: \`Bearer \${process.env.SEAWORTHY_API_KEY}\`, "content-type": "application/json" },\n  body: JSON.stringify({ name: "Shop", address: "https://shop.example/health" }),\n});` },
  ];
  return (
    <EmptyState
      drawing="rows"
      title="Watch your first service"
      sentence={mayEdit ? "Enter the address of something you run. Its health endpoint is best; any page that answers will do." : "Nothing is watched yet. Somebody with the role editor can add the first service."}
      snippets={snippets}
      listening="Listening, this page changes when a service arrives"
      notes={NOTES}
    >
      {mayEdit ? <AddressForm /> : null}
    </EmptyState>
  );
}

function AddressForm() {
  const create = useCreateService();
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: { address: "" },
    schema: () => import("../../server/services/schema.ts").then((module) => module.CreateService),
    toInput: ({ address }) => ({ name: nameOfAddress(completeAddress(address)), address: completeAddress(address) }),
    fieldOf: () => "address",
    send: create,
  });
  const isEmpty = form.values.address.trim() === "";
  return (
    <form className={styles.newcomer} onSubmit={onSubmit} noValidate>
      <div className={styles.address}>
        <TextInput label="Address" placeholder="https://shop.example/health" inputMode="url" size="sm" {...form.getInputProps("address")} error={form.errors.address ? "Enter an address such as https://shop.example/health" : null} />
        <Button type="submit" loading={busy} disabled={isEmpty}>
          Watch it
        </Button>
      </div>
      {form.errors.address ? null : <FormProblem problem={problem} />}
    </form>
  );
}
