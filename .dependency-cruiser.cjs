/** Who may import whom. The table in CONTRIBUTING.md, for a machine. */
const npm = '^node_modules|^(?:node:)?(?:assert|buffer|child_process|crypto|events|fs|http|net|os|path|perf_hooks|process|readline|stream|timers|tty|url|util|worker_threads|zlib)(?:/|$)'

const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { pathNot: allowed },
})

module.exports = {
  forbidden: [
    only('core-imports-itself', '^src/core/', '^src/core/', 'core decides: it knows no package, port, adapter or surface'),
    only('ports-are-types-over-core', '^src/ports/', '^src/(?:core|ports)/', 'a port is what something is to us'),
    only('chat-knows-core', '^src/chat/', '^src/(?:core|chat)/|^(?:node:)?crypto$', 'chat is the same for every surface; it signs its presses'),
    only('voices-know-chat', '^src/voices/', '^src/(?:core|chat|ports|voices)/', 'voices know who hears what and when, and no surface'),
    only('commands-know-chat', '^commands/', '^(?:commands|src/chat|src/core)/', 'a command touches the desk and nothing behind it'),
    {
      name: 'commands-take-types-of-core',
      severity: 'error',
      comment: 'a command decides nothing, so it needs no code of core',
      from: { path: '^commands/' },
      to: { path: '^src/core/', dependencyTypesNot: ['type-only'] },
    },
    only('a-surface-keeps-to-itself', '^src/surfaces/([^/]+)/', `^src/(?:chat|voices|ports|core)/|^src/surfaces/$1/|${npm}`, 'surfaces do not know each other'),
    only('an-adapter-keeps-to-itself', '^src/adapters/([^/]+)/', `^src/(?:core|ports|generated)/|^src/adapters/(?:$1|system)/|${npm}`, 'adapters do not know each other'),
    only('the-sandbox-is-the-other-side', '^src/sandbox/', `^src/sandbox/|^src/core/units/(?:seeded|brand)[.]ts$|${npm}`, 'a stand-in that shared our parsing would agree with our mistakes'),
    {
      name: 'nobody-imports-a-run',
      severity: 'error',
      comment: 'the runs wire everything and are wired by main and by the simulation alone',
      from: { path: '^(?:src|commands)/', pathNot: '^src/(?:run/|sim/|main[.]ts)' },
      to: { path: '^src/(?:run|sim|main)' },
    },
    {
      name: 'inside-core-upwards-only',
      severity: 'error',
      comment: 'units, then market, whale, ledger, then sizing, risk, order, then the engine',
      from: { path: '^src/core/(?:units|market|whale|ledger|sizing|risk|order)/' },
      to: { path: '^src/core/engine/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no-dead-files',
      severity: 'error',
      comment: 'what the program cannot reach is dead',
      from: { path: '^src/main[.]ts$' },
      to: { path: '^(?:src|commands)/', pathNot: '^src/generated/', reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^src/generated' },
    exclude: { path: '^src/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'] },
  },
}
