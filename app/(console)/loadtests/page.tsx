import { LoadtestsPage } from "@/components/loadtests/loadtests-page";

export default function Page() {
  return <LoadtestsPage />;
}
