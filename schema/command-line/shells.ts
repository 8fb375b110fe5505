/**
 * Scripts that teach a shell to complete. Each asks `NAME complete -- WORDS` for what may stand where the last word is
 * being typed; the answer is `value<tab>description` on lines, and at last `:files` or `:nothing-else`. What was typed
 * is handed on as words and never evaluated: a press of the key must run nothing.
 */
export type Shell = 'bash' | 'zsh' | 'fish'

export const FILES_TOO = ':files'
export const NOTHING_ELSE = ':nothing-else'

/** bash parts words at = and : too; proposals must go without what stands before. Works with bash 3.2 of macOS. */
const bash = (name: string) => `# completion of ${name} for bash
_${name}() {
  local line=\${COMP_LINE:0:COMP_POINT} word=\${COMP_WORDS[COMP_CWORD]} words value typed before
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  [[ $word == [=:] ]] && word=
  typed=\${words[\${#words[@]}-1]}
  before=\${typed%"$word"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    case $value in
      ${FILES_TOO}) ;;
      ${NOTHING_ELSE}) compopt +o default 2>/dev/null ;;
      *) COMPREPLY+=("\${value#"$before"}") ;;
    esac
  done < <(${name} complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _${name} ${name}
`

const zsh = (name: string) => `#compdef ${name}
# completion of ${name} for zsh
_${name}() {
  local -a answer proposals
  local line
  answer=("\${(@f)$(${name} complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)answer[1,-2]}"; do
    proposals+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#proposals )) && _describe ${name} proposals
  [[ $answer[-1] == ${FILES_TOO} ]] && _files
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`

const fish = (name: string) => `# completion of ${name} for fish
function __${name}_answer
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  command ${name} complete -- $words[2..-1] "$typed" 2>/dev/null
end
complete -c ${name} -f -a '(__${name}_answer | string match -v -r "^:")'
complete -c ${name} -F -n '__${name}_answer | string match -q ${FILES_TOO}'
`

export const SHELLS: { readonly [shell in Shell]: (name: string) => string } = { bash, zsh, fish }
