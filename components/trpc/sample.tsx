"use client";
/**
 * Views over made-up answers: for looking at a page before there is anything to look at. Nothing is asked of the server,
 * nothing is stored, nothing can be changed, and whoever looks is nobody, so no button offers a change.
 */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { useState, type ReactNode } from "react";
import type { AppRouter } from "../../server/root.ts";
import { NobodyProvider } from "../shell/viewer.tsx";
import { TRPCProvider } from "./client.tsx";

/** What each procedure answers, by its name: `coverage.trend`. */
export type SampleAnswers = Readonly<Record<string, (input: never) => unknown>>;

const answering = (answers: SampleAnswers): TRPCLink<AppRouter> => () => ({ op }) =>
  observable((observer) => {
    const answer = answers[op.path];
    if (!answer) return observer.error(TRPCClientError.from(new Error(`The sample has no answer of ${op.path}.`)));
    observer.next({ result: { type: "data", data: answer(op.input as never) } });
    observer.complete();
  });

/** Everything below asks the sample instead of the server. */
export function SampleProvider({ answers, children }: { answers: SampleAnswers; children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false, networkMode: "always" } } }));
  const [trpcClient] = useState(() => createTRPCClient<AppRouter>({ links: [answering(answers)] }));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <NobodyProvider>{children}</NobodyProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
