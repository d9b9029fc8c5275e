/** A change of the planner that no test notices, and why no user does. */
export interface AcceptedSurvivor {
  /** Below src/plan. */
  readonly file: string;
  /** The line as it is: another text of it is judged anew. */
  readonly source: string;
  readonly change: string;
  readonly why: string;
}

export const acceptedSurvivors: readonly AcceptedSurvivor[] = [];
