"use client";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useState, type FormEvent } from "react";
import type { ZodType } from "zod";
import { describeError } from "./describe-error.ts";

interface CheckedFormOptions<Values, Input> {
  initial: Values;
  /** Loaded when the form is first sent, so that pages without a form carry no validator. */
  schema: () => Promise<ZodType>;
  /** What the server receives. */
  toInput: (values: Values) => Input;
  /** The form's field for a path of the input, where they differ. */
  fieldOf?: (path: string, values: Values) => string;
  send: (input: Input) => Promise<unknown>;
}

export interface CheckedForm<Values> {
  form: UseFormReturnType<Values>;
  busy: boolean;
  /** What is wrong beyond single fields; null when nothing is. */
  problem: string | null;
  onSubmit: (event?: FormEvent) => void;
}

const CHECK_FIELDS = "Check the marked fields. Nothing was changed.";

/**
 * A form that is checked by the server's own schema before it is sent and shows the server's objections at their fields.
 * Nothing that was typed is lost when sending fails.
 */
export function useCheckedForm<Values extends object, Input>(options: CheckedFormOptions<Values, Input>): CheckedForm<Values> {
  const { initial, schema, toInput, fieldOf = (path) => path, send } = options;
  const form = useForm<Values>({ initialValues: initial });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const refuse = (fields: Record<string, string>, message: string): void => {
    const errors = Object.fromEntries(Object.entries(fields).map(([path, text]) => [fieldOf(path, form.values), text]));
    form.setErrors(errors);
    setProblem(message);
  };
  const submit = async (): Promise<void> => {
    const input = toInput(form.values);
    const checked = (await schema()).safeParse(input);
    if (!checked.success) {
      refuse(Object.fromEntries(checked.error.issues.map((issue) => [issue.path.map(String).join("."), issue.message])), CHECK_FIELDS);
      return;
    }
    await send(input);
  };
  const onSubmit = (event?: FormEvent): void => {
    event?.preventDefault();
    event?.stopPropagation();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    form.clearErrors();
    submit()
      .catch((error: unknown) => {
        const { message, fields, requestId, code } = describeError(error);
        const said = code === "internal" && requestId ? `${message} Request ${requestId}.` : message;
        refuse(fields, Object.keys(fields).length > 0 ? CHECK_FIELDS : said);
      })
      .finally(() => setBusy(false));
  };
  return { form, busy, problem, onSubmit };
}
