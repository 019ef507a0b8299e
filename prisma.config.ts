import { defineConfig } from 'prisma/config'

// `generate` never runs the schema engine, it only insists that its file exists; on a machine that cannot download
// the engine, any executable satisfies it. Commands that do run the engine are left alone.
if (process.argv.includes('generate')) process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:./data/remora.db' },
})
