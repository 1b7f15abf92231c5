# ask-zsh.zsh SCRIPT OFFERS LINE: writes what zsh offers at the end of LINE to the file OFFERS, a word a line.
# zsh completes only where its line editor runs, so this starts one on a pseudo-terminal.
zmodload zsh/zpty
export TERM=dumb
zpty editor zsh -f -i
zpty -w editor "$(cat <<RC
PS1= PS2=
autoload -Uz compinit && compinit -u -D
source ${(q)1}
compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "\$@"; return \$?; fi
  local -a offered
  builtin compadd -A offered "\$@"
  [[ -n \$offered ]] && print -rl -- \$offered >> ${(q)2}
  builtin compadd "\$@"
}
bindkey '^I' complete-word
end-of-test () { print -r -- OFFER''ED }; zle -N end-of-test; bindkey '^X' end-of-test
print -r -- REA''DY
RC
)"
while zpty -r editor said; do [[ $said == *READY* ]] && break; done
zpty -w -n editor "$3"$'\t\x18'
while zpty -r editor said; do [[ $said == *OFFERED* ]] && break; done
zpty -d editor
