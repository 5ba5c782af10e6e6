"use client";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { ZodType } from "zod";
import { describeError } from "./describe-error.ts";
import type { Versions } from "./merge-values.ts";
import { useFollowSaved, type Saved } from "./use-follow-saved.ts";

interface CheckedFormOptions<Values, Input> {
  /** What the form begins with; with `saved`, what is saved now. */
  initial: Values;
  /** For a form of something that others may save meanwhile: the form follows it and loses nothing that was typed. */
  saved?: Saved;
  /** How three versions of the values come together, where names and words are not enough. */
  merge?: (versions: Versions<Values>) => Values;
  /** Loaded when the form is first sent, so that pages without a form carry no validator. */
  schema: () => Promise<ZodType>;
  /** What the server receives; `revision` is the one that the values were made from. */
  toInput: (values: Values, revision: number) => Input;
  /** The form's field for a path of the input, where they differ. */
  fieldOf?: (path: string, values: Values) => string;
  send: (input: Input, revision: number) => Promise<unknown>;
}

export interface CheckedForm<Values> {
  form: UseFormReturnType<Values>;
  busy: boolean;
  /** What is wrong beyond single fields; null when nothing is. */
  problem: string | null;
  /** That somebody else saved meanwhile, and what became of it; null when nobody did. */
  meanwhile: string | null;
  onSubmit: (event?: FormEvent) => void;
}

const CHECK_FIELDS = "Check the marked fields. Nothing was changed.";

/**
 * A form that is checked by the server's own schema before it is sent and shows the server's objections at their fields.
 * Nothing that was typed is lost when sending fails.
 */
export function useCheckedForm<Values extends object, Input>(options: CheckedFormOptions<Values, Input>): CheckedForm<Values> {
  const { initial, saved, merge, schema, toInput, fieldOf = (path) => path, send } = options;
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: initial });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { revision, meanwhile, accept } = useFollowSaved({ form, values: initial, saved, busy, merge, onTaken: () => setProblem(null) });

  const refuse = (fields: Record<string, string>, message: string): void => {
    const errors = Object.fromEntries(Object.entries(fields).map(([path, text]) => [fieldOf(path, form.values), text]));
    form.setErrors(errors);
    setProblem(message);
  };
  const submit = async (): Promise<void> => {
    const sent = form.values;
    const input = toInput(sent, revision);
    const checked = (await schema()).safeParse(input);
    if (!checked.success) {
      refuse(Object.fromEntries(checked.error.issues.map((issue) => [issue.path.map(String).join("."), issue.message])), CHECK_FIELDS);
      return;
    }
    await send(input, revision);
    if (saved) accept(sent);
  };
  const onSubmit = (event?: FormEvent): void => {
    event?.preventDefault();
    event?.stopPropagation();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    form.clearErrors();
    submit()
      .catch(async (error: unknown) => {
        const { message, fields, requestId, code } = describeError(error);
        // Somebody was first: look again, so that what they saved can be taken over.
        if (saved && code === "conflict") await client.invalidateQueries();
        const said = code === "internal" && requestId ? `${message} Request ${requestId}.` : message;
        refuse(fields, Object.keys(fields).length > 0 ? CHECK_FIELDS : said);
      })
      .finally(() => setBusy(false));
  };
  return { form, busy, problem, meanwhile, onSubmit };
}
