/** What a person did wrong, in a sentence that the person can act on. Shown as it is, so it never carries a stranger's raw words. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** Whether it was typed wrongly, so that showing how it is typed helps. */
  readonly isTyping: boolean

  constructor(message: string, isTyping = false) {
    super(message)
    this.isTyping = isTyping
  }
}

/** What a person may not do. It goes on record, besides being answered. */
export class ForbiddenError extends UserError {
  override readonly name: string = 'ForbiddenError'
}
