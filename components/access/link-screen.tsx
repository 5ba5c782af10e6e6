"use client";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { OpenedLink } from "../../server/access/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useTRPCClient } from "../trpc/client.tsx";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";
import { LinkForm } from "./link-form.tsx";

type LinkState = { token: string; opened: OpenedLink | null; problem: string | null };
const NO_TOKEN = "This page opens by a link from an administrator. The link is not complete; copy all of it.";

type Client = ReturnType<typeof useTRPCClient>;

/** Reads the token behind the # (servers never see it), takes it out of the address and asks what it is for. */
async function readLink(client: Client): Promise<LinkState> {
  const token = window.location.hash.slice(1);
  if (token === "") return { token, opened: null, problem: NO_TOKEN };
  window.history.replaceState(null, "", window.location.pathname);
  try {
    return { token, opened: await client.access.openLink.mutate({ token }), problem: null };
  } catch (error) {
    return { token, opened: null, problem: describeError(error).message };
  }
}

function useLink(): LinkState {
  const client = useTRPCClient();
  const [state, setState] = useState<LinkState>({ token: "", opened: null, problem: null });
  useEffect(() => {
    void readLink(client).then(setState);
  }, [client]);
  return state;
}

const TITLES = { invitation: "Accept the invitation", passwordReset: "Set a new password" } as const;

/** Where a one-time link leads: an invitation or a password reset. */
export function LinkScreen({ kind }: { kind: OpenedLink["kind"] }) {
  const { token, opened, problem } = useLink();
  if (opened && opened.kind === kind) return <LinkForm token={token} link={opened} title={TITLES[kind]} />;
  const said = opened ? "This link is for another page." : problem;
  return (
    <div className={styles.narrow}>
      <Brand />
      <div className={styles.card}>
        <h1 className={styles.title}>{TITLES[kind]}</h1>
        {said === null ? <p className={styles.lead} role="status">Looking at your link…</p> : <FormProblem problem={said} />}
        {said === null ? null : (
          <Button component="a" href="/sign-in" variant="default" size="md" fullWidth>
            To sign-in
          </Button>
        )}
      </div>
    </div>
  );
}
