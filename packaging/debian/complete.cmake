# Run by cpack between the installation into its own folder and the packing of that. Fails loudly: a
# package that lacks a page is noticed here.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(daemon ${CPACK_TEMPORARY_DIRECTORY}/daemon)
set(development ${CPACK_TEMPORARY_DIRECTORY}/development)

foreach(page man8/spillway.8 man5/spillway.yaml.5)
  run(gzip -9n ${daemon}/usr/share/man/${page})
endforeach()

# file(INSTALL) would put DESTDIR in front, which is set here.
function(add source target)
  get_filename_component(folder ${target} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  file(COPY_FILE ${CPACK_SPILLWAY_DEBIAN}/${source} ${target})
  file(CHMOD ${target} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

function(add_documents files package)
  add(copyright ${files}/usr/share/doc/${package}/copyright)
  add(changelog ${files}/usr/share/doc/${package}/changelog)
  run(gzip -9n ${files}/usr/share/doc/${package}/changelog)
  if(EXISTS ${CPACK_SPILLWAY_DEBIAN}/${package}.lintian-overrides)
    add(${package}.lintian-overrides ${files}/usr/share/lintian/overrides/${package})
  endif()
endfunction()

add_documents(${daemon} spillway)
add_documents(${development} libspillway-dev)

# Machine code alone: what link-time optimisation adds is for the very compiler that wrote it.
file(GLOB_RECURSE libraries ${development}/usr/lib/*.a)
foreach(library ${libraries})
  run(strip --strip-debug --enable-deterministic-archives --remove-section=.comment
      --remove-section=.note --remove-section=.gnu.lto_* --remove-section=.gnu.debuglto_*
      --strip-symbol=__gnu_lto_slim --strip-symbol=__gnu_lto_v1 ${library})
endforeach()
