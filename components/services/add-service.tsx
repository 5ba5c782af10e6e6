"use client";
import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { emptyService, toServiceInput } from "./service-values.ts";
import { ServiceFields } from "./service-fields.tsx";
import styles from "./services.module.css";

/** The dialog that registers a service; with an address it is watched from the next second on. */
export function AddService({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add service">
      {opened ? <AddServiceForm onClose={onClose} /> : null}
    </Modal>
  );
}

function AddServiceForm({ onClose }: { onClose: () => void }) {
  const create = useCreateService(onClose);
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: emptyService(),
    schema: () => import("../../server/services/schema.ts").then((module) => module.CreateService),
    toInput: (values) => ({ ...toServiceInput(values), ...(values.address.trim() ? { address: values.address.trim() } : {}) }),
    send: create,
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <ServiceFields form={form} withAddress />
      <FormProblem problem={problem} />
      <div className={`${styles.formActions} ${styles.pinned}`}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Add service
        </Button>
      </div>
    </form>
  );
}

/** Registers a service, says so, and goes to its page. Refusals are thrown for the form to show. */
export function useCreateService(onDone?: () => void) {
  const trpc = useTRPC();
  const router = useRouter();
  const { mutateAsync } = useMutation(trpc.services.create.mutationOptions({ meta: { quiet: true } }));
  return async (input: Parameters<typeof mutateAsync>[0]): Promise<void> => {
    const service = await mutateAsync(input);
    toast({ tone: "ok", title: `${service.name} added`, message: input.address ? "Its first check runs now." : "Add a check to watch it." });
    onDone?.();
    router.push(`/services/${service.slug}`);
  };
}
