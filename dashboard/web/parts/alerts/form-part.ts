import type { RuleForm } from '../../state/alerts-form.js'

/** What a part of the rule's form is given. */
export interface FormPart {
  form: RuleForm
  set: (part: Partial<RuleForm>) => void
  /** what is wrong at a path, in words */
  wrong: (path: string) => string | null
}
