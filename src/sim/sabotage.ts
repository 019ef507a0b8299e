/** Rules that can be broken on purpose, to see that the auditor notices. Only tests ask for any but the first. */
export type Sabotage = 'none' | 'forget what was seen' | 'send twice' | 'send without a plan' | 'skip the last gate'
