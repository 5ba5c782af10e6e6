"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { FormEnd } from "../data/form-end.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { Tags } from "../data/tags.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ServiceFields } from "./service-fields.tsx";
import { serviceValues, toServiceInput } from "./service-values.ts";
import { tierWords } from "./tiers.ts";
import styles from "./detail.module.css";
import formStyles from "./services.module.css";

/** What is known about a service; people who may, change it here. */
export function SettingsTab({ service }: { service: ServiceDetail }) {
  const mayEdit = useMay("editor") && !service.archivedAt;
  return (
    <div className={styles.narrow}>
      <Card title="Service" footer={{ source: <>Added <RelativeTime at={service.createdAt} /></>, at: <>changed <RelativeTime at={service.updatedAt} />{service.updatedBy ? ` by ${service.updatedBy}` : ""}</> }}>
        {mayEdit ? <SettingsForm service={service} /> : <ServiceFacts service={service} />}
      </Card>
    </div>
  );
}

function SettingsForm({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const { mutateAsync } = useMutation(trpc.services.update.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: serviceValues(service),
    saved: { revision: service.revision, by: service.updatedBy },
    schema: () => import("../../server/services/schema.ts").then((module) => module.UpdateService),
    toInput: (values, revision) => ({ id: service.id, revision, ...toServiceInput(values) }),
    send: async (input) => {
      const saved = await mutateAsync(input);
      toast({ tone: "ok", title: `${saved.name} saved` });
      await client.invalidateQueries(trpc.services.pathFilter());
      if (saved.slug !== service.slug) router.replace(`/services/${saved.slug}?tab=settings`);
    },
  });
  return (
    <form className={formStyles.form} onSubmit={onSubmit} noValidate>
      <ServiceFields form={form} />
      <FormEnd {...end} submit="Save" undo={form} />
    </form>
  );
}

function ServiceFacts({ service }: { service: ServiceDetail }) {
  return (
    <Facts
      rows={[
        ["Name", service.name],
        ["Description", service.description || "None"],
        ["Owner", service.owner || "Nobody"],
        ["Environment", service.environment],
        ["Tier", tierWords(service.tier)],
        ["Domain", service.domain || "None"],
        ["Repository", service.repositoryUrl ? <a key="repository" href={service.repositoryUrl} rel="noreferrer noopener" target="_blank">{service.repositoryUrl}</a> : "None"],
        ["Tags", service.tags.length > 0 ? <Tags key="tags" values={service.tags} /> : "None"],
        ["Links", service.links.length > 0 ? service.links.map((link) => <div key={link.url}><a href={link.url} rel="noreferrer noopener" target="_blank">{link.label}</a></div>) : "None"],
      ]}
    />
  );
}
