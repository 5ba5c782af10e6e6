"use client";
import { Button, TextInput } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { StatusText } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { VERDICTS } from "./egress-words.ts";
import styles from "./settings.module.css";

/** Asks the guard about an address without calling it. */
export function TestAddress() {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const [asked, ask] = useState<string | null>(null);
  const { data, error, isFetching, refetch } = useQuery(trpc.settings.testAddress.queryOptions(asked === null ? skipToken : { address: asked }, { meta: { quiet: true }, retry: false, staleTime: 0 }));
  const address = text.trim();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (address === asked) void refetch();
        else ask(address);
      }}
    >
      <TextInput label="Test an address" description="A URL, or a host with an optional :port. It is looked up and judged, not called." placeholder="https://api.internal:8443/health" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <div role="status" className={styles.verdict}>
        {error ? describeError(error).message : null}
        {data && !error ? <StatusText state={VERDICTS[data.verdict].state}>{VERDICTS[data.verdict].word}</StatusText> : null}
        {data && !error ? <p className={styles.note}>{data.reason}</p> : null}
      </div>
      <div className={styles.end}>
        <Button type="submit" variant="default" disabled={address === ""} loading={isFetching}>
          Test
        </Button>
      </div>
    </form>
  );
}
