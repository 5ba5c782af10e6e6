"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../trpc/client.tsx";

/** True when the console sends links by mail itself. */
export function useSendsMail(): boolean {
  const { data } = useQuery(useTRPC().settings.get.queryOptions({}));
  return data?.sendsMail ?? false;
}
