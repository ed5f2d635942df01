// The buffers that OpenSSL reads and writes records in.
#pragma once

namespace spillway {

/// OpenSSL lends a connection buffers of some 17 KiB while a record passes, so that an idle one has
/// none; each is a malloc and a free. After this call each thread keeps the few that its
/// connections use by turns: a message costs no allocation, and finds its buffer in the cache.
///
/// For programs, and not for libraries: it sets the memory functions of the whole process
/// (CRYPTO_set_mem_functions). To be called before anything else uses OpenSSL; again changes
/// nothing. False if it is too late: nothing has changed then.
bool keep_record_buffers();

}  // namespace spillway
