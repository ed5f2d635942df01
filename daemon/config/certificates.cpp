#include "daemon/config/certificates.hpp"

#include "daemon/config/file_text.hpp"

#include <spillway/tls/self_signed.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace spillway::config {

namespace {

// A long chain has some ten thousand bytes.
constexpr std::size_t max_pem = 1024 * 1024;
// A system's whole store has some hundred thousand.
constexpr std::size_t max_store = 16 * 1024 * 1024;

// The files of one certificate, with the faults of reading them.
class PairReader {
 public:
  PairReader(std::size_t index, const CertificateFiles& files, CertificateFaults& faults)
      : path_(KeyPath() / "certificates" / index), files_(files), faults_(faults) {}

  /// False if one of the two cannot be read.
  bool read(CertificateAndKey& pair) {
    const bool has_certificate = read_pem("cert", files_.cert, pair.certificate_pem);
    if (in_one_file()) {
      pair.key_pem = pair.certificate_pem;
      return has_certificate;
    }
    return read_pem("key", files_.key, pair.key_pem) && has_certificate;
  }

  /// Looks for what is wrong with the pair itself.
  void examine(const CertificateAndKey& pair) {
    TlsServerOptions options;
    options.certificates = {pair};
    const auto context = TlsServerContext::create(options);
    if (context) return;
    const bool is_key = context.error().subject == TlsError::Subject::key;
    if (is_key && in_one_file()) {
      fault("cert", files_.cert + ", which has to hold the key too as no other `key` is given: " +
                        context.error().message);
    } else if (is_key) {
      fault("key", files_.key + ": " + context.error().message);
    } else {
      fault("cert", files_.cert + ": " + context.error().message);
    }
  }

 private:
  [[nodiscard]] bool in_one_file() const { return files_.cert == files_.key; }

  bool read_pem(std::string_view key, const std::string& file, std::string& to) {
    auto text = read_file(file, max_pem);
    if (!text) {
      fault(key, file + ' ' + text.error().message);
      return false;
    }
    to = *std::move(text);
    return true;
  }

  void fault(std::string_view key, std::string message) {
    faults_.push_back({path_ / key, std::move(message)});
  }

  KeyPath path_;
  const CertificateFiles& files_;
  CertificateFaults& faults_;
};

}  // namespace

boost::system::result<TlsServerContext, CertificateFaults> load_server_context(const Tls& tls) {
  CertificateFaults faults;
  TlsServerOptions options;
  options.min_version = tls.min_version;
  if (tls.self_signed) options.certificates.push_back(make_self_signed());
  std::vector<PairReader> readers;  // of the certificates behind those made up
  for (std::size_t i = 0; i < tls.certificates.size(); ++i) {
    PairReader reader(i, tls.certificates[i], faults);
    CertificateAndKey pair;
    if (!reader.read(pair)) continue;
    readers.push_back(std::move(reader));
    options.certificates.push_back(std::move(pair));
  }
  auto context = TlsServerContext::create(options);
  if (context && faults.empty()) return *std::move(context);

  // Each by itself, so that one bad file does not hide another. Only now: it costs a context each.
  auto pair = options.certificates.end() - std::ssize(readers);
  for (PairReader& reader : readers) reader.examine(*pair++);
  if (faults.empty()) faults.push_back({KeyPath() / "certificates", context.error().message});
  return faults;
}

std::optional<CertificateInfo> read_certificate_info(const CertificateFiles& files) {
  auto text = read_file(files.cert, max_pem);
  if (!text) return std::nullopt;
  const CertificateAndKey pair{.certificate_pem = *std::move(text)};  // it may hold the key too
  auto info = spillway::read_certificate_info(pair.certificate_pem);
  if (!info) return std::nullopt;
  return *std::move(info);
}

boost::system::result<TlsClientContext, CertificateFaults> load_client_context(
    const UpstreamTls& tls) {
  const auto fault = [](std::string message) {
    return CertificateFaults{{KeyPath() / "ca", std::move(message)}};
  };
  TlsClientOptions options;
  options.insecure_skip_verify = tls.insecure_skip_verify;
  options.min_version = tls.min_version;
  if (!tls.ca.empty()) {
    auto text = read_file(tls.ca, max_store);
    if (!text) return fault(tls.ca + ' ' + text.error().message);
    // Without this an empty file would mean the system's store.
    if (text->empty()) return fault(tls.ca + ": no certificate found: the file is empty");
    options.trusted_pem = *std::move(text);
  }
  auto context = TlsClientContext::create(options);
  if (context) return *std::move(context);
  return fault((tls.ca.empty() ? "" : tls.ca + ": ") + context.error().message);
}

void throw_exception_from_error(const CertificateFaults& faults,
                                const boost::source_location& where) {
  (void)where;
  throw std::logic_error(faults.front().message);
}

}  // namespace spillway::config
