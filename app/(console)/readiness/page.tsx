import { ReadinessPage } from "@/components/readiness/readiness-page";

export default function Page() {
  return <ReadinessPage />;
}
