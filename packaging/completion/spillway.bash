# bash completion for spillway: commands, options, and the words and files that options take.

_spillway() {
  local command='' word current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      run | check | status | echo | proxy) command=$word && break ;;
    esac
  done

  case "$previous" in
    -c | --config)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -X '!*.yaml' -- "$current"; compgen -f -X '!*.yml' -- "$current"
        compgen -d -- "$current")
      return
      ;;
    --cert | --key | --to-ca)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
    --overflow | --overflow-to-client | --overflow-to-upstream)
      mapfile -t COMPREPLY < <(compgen -W 'pause drop_newest drop_oldest close' -- "$current")
      return
      ;;
    --framing)
      mapfile -t COMPREPLY < <(compgen -W 'none line' -- "$current")
      return
      ;;
    --listen | --to | --to-name | --admin) return ;; # an address or a name: nobody can guess it
  esac

  local listening='--listen --cert --key --self-signed --framing' words
  case "$command" in
    '') words='run check status echo proxy --version' ;;
    run | check) words='-c --config' ;;
    status) words='--admin -c --config --watch --json' ;;
    echo) words="$listening --overflow" ;;
    proxy)
      words="$listening --to --to-tls --to-ca --to-name --to-insecure
        --overflow-to-client --overflow-to-upstream"
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words -h --help" -- "$current")
}

complete -F _spillway spillway
