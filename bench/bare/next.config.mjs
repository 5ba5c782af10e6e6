import path from "node:path";

/** @type {import("next").NextConfig} */
export default {
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg"],
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
};
