/** Ways to send the first report, with this instance's address in them. */

export type SnippetFacts = { origin: string; service: string; key: string };

/** What stands in for a key that is not made yet. */
export const NO_KEY = "sw_your_key";

export function snippetsOf({ origin, service, key }: SnippetFacts): { name: string; code: string }[] {
  const query = `service=${service}&flag=unit&branch=main`;
  return [
    { name: "Command line", code: `export SEAWORTHY_URL=${origin}\nexport SEAWORTHY_API_KEY=${key}\nnpx seaworthy coverage push coverage/lcov.info \\\n  --service ${service} --flag unit` },
    {
      name: "GitHub Actions",
      code: `- run: npx seaworthy coverage push coverage/lcov.info --service ${service} --flag unit\n  env:\n    SEAWORTHY_URL: ${origin}\n    SEAWORTHY_API_KEY: \${{ secrets.SEAWORTHY_API_KEY }}`,
    },
    { name: "GitLab CI", code: `coverage:\n  script:\n    - npx seaworthy coverage push coverage/lcov.info --service ${service} --flag unit\n  variables:\n    SEAWORTHY_URL: ${origin}\n  # SEAWORTHY_API_KEY is a masked variable of the project` },
    { name: "curl", code: `curl --fail-with-body -T coverage/lcov.info -X POST \\\n  -H "Authorization: Bearer ${key}" \\\n  "${origin}/api/v1/coverage/reports?${query}&commit=$(git rev-parse HEAD)"` },
  ];
}
