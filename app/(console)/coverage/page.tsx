import { CoveragePage } from "@/components/coverage/coverage-page";

export default function Page() {
  return <CoveragePage />;
}
