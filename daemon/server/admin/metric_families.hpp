// Figures as Prometheus has them.
#pragma once

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::server::admin {

/// One family: its samples differ in their labels.
class MetricFamily {
 public:
  using Label = std::pair<std::string_view, std::string_view>;
  using Labels = std::initializer_list<Label>;

  MetricFamily(std::string_view name, std::string_view help, prometheus::MetricType type) {
    family_.name = name;
    family_.help = help;
    family_.type = type;
  }

  /// REQUIRES: a counter or a gauge.
  MetricFamily& add(Labels labels, double value) {
    prometheus::ClientMetric& metric = make(labels);
    metric.counter.value = value;
    metric.gauge.value = value;
    return *this;
  }
  /// REQUIRES: a histogram.
  MetricFamily& add(Labels labels, prometheus::ClientMetric::Histogram histogram) {
    make(labels).histogram = std::move(histogram);
    return *this;
  }

  [[nodiscard]] prometheus::MetricFamily take() && { return std::move(family_); }

 private:
  prometheus::ClientMetric& make(Labels labels) {
    prometheus::ClientMetric& metric = family_.metric.emplace_back();
    for (const auto& [name, value] : labels) {
      metric.label.push_back({std::string(name), std::string(value)});
    }
    return metric;
  }

  prometheus::MetricFamily family_;
};

/// All of them, in the order in which they are told. A family without a sample is left out.
class MetricFamilies {
 public:
  void add(MetricFamily family) {
    prometheus::MetricFamily taken = std::move(family).take();
    if (!taken.metric.empty()) families_.push_back(std::move(taken));
  }
  void counter(std::string_view name, std::string_view help, double value) {
    add(std::move(MetricFamily(name, help, prometheus::MetricType::Counter).add({}, value)));
  }
  void gauge(std::string_view name, std::string_view help, double value) {
    add(std::move(MetricFamily(name, help, prometheus::MetricType::Gauge).add({}, value)));
  }

  [[nodiscard]] const std::vector<prometheus::MetricFamily>& all() const { return families_; }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace spillway::server::admin
