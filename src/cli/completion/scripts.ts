// The first line of an answer says what may follow a candidate: `space`, `nospace`, or `files`.
/** The script for each shell. It asks `reekolect __complete` and knows no flag itself. */
export const completionScripts = {
  bash: `# Completion of reekolect for bash: eval "$(reekolect completion bash)"
_reekolect() {
  local line after= IFS=$'\\n'
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$after" ]; then after=$line; else COMPREPLY+=("$line"); fi
  done < <(reekolect __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $after in
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]#=}")) ;;
    nospace) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _reekolect reekolect
`,
  zsh: `#compdef reekolect
# Completion of reekolect for zsh: eval "$(reekolect completion zsh)"
_reekolect() {
  local line after tab=$'\\t'
  local -a values shown
  while IFS= read -r line; do
    if [[ -z $after ]]; then after=$line; continue; fi
    values+=("\${line%%$tab*}")
    if [[ $line == *$tab* ]]; then shown+=("\${line/$tab/  -- }"); else shown+=("$line"); fi
  done < <(reekolect __complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  case $after in
    files) _files ;;
    nospace) compadd -M 'm:{a-zA-Z}={A-Za-z}' -S '' -l -d shown -a values ;;
    *) compadd -M 'm:{a-zA-Z}={A-Za-z}' -l -d shown -a values ;;
  esac
}
_reekolect_register() {
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _reekolect reekolect
  add-zsh-hook -d precmd _reekolect_register 2>/dev/null
}
if [[ $funcstack[1] == _reekolect ]]; then _reekolect "$@"
elif (( $+functions[compdef] )); then compdef _reekolect reekolect
else autoload -Uz add-zsh-hook && add-zsh-hook precmd _reekolect_register # compinit may come later
fi
`,
  fish: `# Completion of reekolect for fish: reekolect completion fish | source
function __reekolect_complete
  set -l words (commandline -opc)
  set -l answer (reekolect __complete fish -- $words[2..-1] (commandline -ct) 2>/dev/null)
  switch "$answer[1]"
    case files
      __fish_complete_path (commandline -ct)
    case '*'
      string join \\n -- $answer[2..-1]
  end
end
complete -c reekolect -f -a '(__reekolect_complete)'
`,
};
