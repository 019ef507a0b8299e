/** What an auditor found wrong: the run has failed, and the seed with it. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
}
