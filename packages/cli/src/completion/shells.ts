/** The scripts for each shell: they ask the command itself, so that they are never behind it. */

const bash = (complete: string): string => `# continuo: completion for bash
_continuo() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(continuo ${complete} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _continuo continuo
`;

const zsh = (complete: string): string => `#compdef continuo
# continuo: completion for zsh
_continuo() {
  local -a found
  local line
  while IFS= read -r line; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(continuo ${complete} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe continuo found; else _files; fi
}
if [ "$funcstack[1]" = "_continuo" ]; then _continuo "$@"; else compdef _continuo continuo; fi
`;

const fish = (complete: string): string => `# continuo: completion for fish
complete -c continuo -a '(continuo ${complete} -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`;

export const shells = { bash, zsh, fish } as const;
export type Shell = keyof typeof shells;
