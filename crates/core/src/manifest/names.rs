//! Namespaces and element names, and how the wrong ones are recognised.

use super::model::Version;

/// What a namespace is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// No namespace at all.
    None,
    /// IMS Content Packaging.
    Cp,
    /// ADL content packaging extensions.
    Adlcp,
    /// IMS Simple Sequencing.
    Imsss,
    /// ADL sequencing extensions.
    Adlseq,
    /// ADL navigation extensions.
    Adlnav,
    /// Learning object metadata, IMS or IEEE.
    Lom,
    /// `xml:`.
    Xml,
    /// `xsi:`.
    Xsi,
    /// Anything else.
    Other,
}

/// A namespace URI, understood.
pub(super) struct Understood {
    pub(super) ns: Ns,
    /// The version of SCORM that this URI belongs to, if it tells.
    pub(super) version: Option<Version>,
    /// Whether the URI is the standard's own.
    pub(super) exact: bool,
}

/// The URIs of SCORM 1.2 CAM section 2.3.1 and SCORM 2004 4th Ed. CAM section 3.2.
const NAMESPACES: &[(&str, Ns, Option<Version>)] = &[
    ("", Ns::None, None),
    (
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        Ns::Cp,
        Some(Version::V12),
    ),
    (
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        Ns::Cp,
        Some(Version::V2004),
    ),
    (
        "http://www.adlnet.org/xsd/adlcp_rootv1p2",
        Ns::Adlcp,
        Some(Version::V12),
    ),
    (
        "http://www.adlnet.org/xsd/adlcp_v1p3",
        Ns::Adlcp,
        Some(Version::V2004),
    ),
    (
        "http://www.imsglobal.org/xsd/imsss",
        Ns::Imsss,
        Some(Version::V2004),
    ),
    (
        "http://www.adlnet.org/xsd/adlseq_v1p3",
        Ns::Adlseq,
        Some(Version::V2004),
    ),
    (
        "http://www.adlnet.org/xsd/adlnav_v1p3",
        Ns::Adlnav,
        Some(Version::V2004),
    ),
    (
        "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
        Ns::Lom,
        None,
    ),
    ("http://www.imsglobal.org/xsd/imsmd_v1p2", Ns::Lom, None),
    ("http://ltsc.ieee.org/xsd/LOM", Ns::Lom, None),
    ("http://www.w3.org/2001/XMLSchema-instance", Ns::Xsi, None),
    ("http://www.w3.org/XML/1998/namespace", Ns::Xml, None),
];

/// What in a URI gives a misspelt namespace away, and what in it tells the version.
type Resemblance = (&'static str, Ns, &'static [(&'static str, Version)]);

const RESEMBLANCES: &[Resemblance] = &[
    (
        "imscp",
        Ns::Cp,
        &[("rootv1p1", Version::V12), ("v1p1", Version::V2004)],
    ),
    (
        "adlcp",
        Ns::Adlcp,
        &[
            ("v1p3", Version::V2004),
            ("v1p2", Version::V12),
            ("v1p1", Version::V12),
        ],
    ),
    ("imsss", Ns::Imsss, &[("imsss", Version::V2004)]),
    ("adlseq", Ns::Adlseq, &[("adlseq", Version::V2004)]),
    ("adlnav", Ns::Adlnav, &[("adlnav", Version::V2004)]),
    ("imsmd", Ns::Lom, &[]),
    ("/lom", Ns::Lom, &[]),
];

/// What a namespace URI stands for.
pub(super) fn understand(uri: &str) -> Understood {
    if let Some(&(_, ns, version)) = NAMESPACES.iter().find(|(known, ..)| *known == uri) {
        return Understood {
            ns,
            version,
            exact: true,
        };
    }
    let lower = uri.to_ascii_lowercase();
    match RESEMBLANCES.iter().find(|(part, ..)| lower.contains(part)) {
        // LOM has many namespaces that are all right (one for each binding), and none of them matters here.
        Some(&(_, Ns::Lom, _)) => Understood {
            ns: Ns::Lom,
            version: None,
            exact: true,
        },
        Some(&(_, ns, versions)) => {
            let version = versions
                .iter()
                .find(|(part, _)| lower.contains(part))
                .map(|&(_, version)| version);
            Understood {
                ns,
                version,
                exact: false,
            }
        }
        None => Understood {
            ns: Ns::Other,
            version: None,
            exact: true,
        },
    }
}

/// What a prefix usually stands for, for manifests that forget to declare it or declare it as something unheard of.
pub(super) fn usual_prefix(prefix: &str) -> Ns {
    match prefix {
        "imscp" => Ns::Cp,
        "adlcp" => Ns::Adlcp,
        "imsss" => Ns::Imsss,
        "adlseq" => Ns::Adlseq,
        "adlnav" => Ns::Adlnav,
        "imsmd" | "lom" => Ns::Lom,
        "xml" => Ns::Xml,
        "xsi" => Ns::Xsi,
        _ => Ns::Other,
    }
}

/// Elements that something here reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Manifest,
    Metadata,
    Schema,
    SchemaVersion,
    Organizations,
    Organization,
    Title,
    Item,
    Resources,
    Resource,
    File,
    Dependency,
    Location,
    Prerequisites,
    MaxTimeAllowed,
    TimeLimitAction,
    DataFromLms,
    MasteryScore,
    CompletionThreshold,
    SharedData,
    SharedDataMap,
    SequencingCollection,
    Sequencing,
    ControlMode,
    SequencingRules,
    PreConditionRule,
    PostConditionRule,
    ExitConditionRule,
    RuleConditions,
    RuleCondition,
    RuleAction,
    LimitConditions,
    AuxiliaryResources,
    AuxiliaryResource,
    RollupRules,
    RollupRule,
    RollupConditions,
    RollupCondition,
    RollupAction,
    Objectives,
    PrimaryObjective,
    Objective,
    MinNormalizedMeasure,
    MapInfo,
    RandomizationControls,
    DeliveryControls,
    ConstrainedChoice,
    RollupConsiderations,
    AdlObjectives,
    AdlObjective,
    AdlMapInfo,
    Presentation,
    NavigationInterface,
    HideLmsUi,
    Lom,
    General,
    LangString,
    LomTitle,
    /// Everything else.
    Unknown,
}

/// Element names as the standards write them. SCORM 1.2 and 2004 differ in the case of a few: both are listed.
const ELEMENTS: &[(Ns, &str, Tag)] = &[
    (Ns::Cp, "file", Tag::File),
    (Ns::Cp, "item", Tag::Item),
    (Ns::Cp, "title", Tag::Title),
    (Ns::Cp, "resource", Tag::Resource),
    (Ns::Cp, "dependency", Tag::Dependency),
    (Ns::Cp, "metadata", Tag::Metadata),
    (Ns::Cp, "manifest", Tag::Manifest),
    (Ns::Cp, "schema", Tag::Schema),
    (Ns::Cp, "schemaversion", Tag::SchemaVersion),
    (Ns::Cp, "organizations", Tag::Organizations),
    (Ns::Cp, "organization", Tag::Organization),
    (Ns::Cp, "resources", Tag::Resources),
    (Ns::Adlcp, "location", Tag::Location),
    (Ns::Adlcp, "prerequisites", Tag::Prerequisites),
    (Ns::Adlcp, "maxtimeallowed", Tag::MaxTimeAllowed),
    (Ns::Adlcp, "timelimitaction", Tag::TimeLimitAction),
    (Ns::Adlcp, "timeLimitAction", Tag::TimeLimitAction),
    (Ns::Adlcp, "datafromlms", Tag::DataFromLms),
    (Ns::Adlcp, "dataFromLMS", Tag::DataFromLms),
    (Ns::Adlcp, "masteryscore", Tag::MasteryScore),
    (Ns::Adlcp, "completionThreshold", Tag::CompletionThreshold),
    (Ns::Adlcp, "data", Tag::SharedData),
    (Ns::Adlcp, "map", Tag::SharedDataMap),
    (Ns::Imsss, "sequencingCollection", Tag::SequencingCollection),
    (Ns::Imsss, "sequencing", Tag::Sequencing),
    (Ns::Imsss, "controlMode", Tag::ControlMode),
    (Ns::Imsss, "sequencingRules", Tag::SequencingRules),
    (Ns::Imsss, "preConditionRule", Tag::PreConditionRule),
    (Ns::Imsss, "postConditionRule", Tag::PostConditionRule),
    (Ns::Imsss, "exitConditionRule", Tag::ExitConditionRule),
    (Ns::Imsss, "ruleConditions", Tag::RuleConditions),
    (Ns::Imsss, "ruleCondition", Tag::RuleCondition),
    (Ns::Imsss, "ruleAction", Tag::RuleAction),
    (Ns::Imsss, "limitConditions", Tag::LimitConditions),
    (Ns::Imsss, "auxiliaryResources", Tag::AuxiliaryResources),
    (Ns::Imsss, "auxiliaryResource", Tag::AuxiliaryResource),
    (Ns::Imsss, "rollupRules", Tag::RollupRules),
    (Ns::Imsss, "rollupRule", Tag::RollupRule),
    (Ns::Imsss, "rollupConditions", Tag::RollupConditions),
    (Ns::Imsss, "rollupCondition", Tag::RollupCondition),
    (Ns::Imsss, "rollupAction", Tag::RollupAction),
    (Ns::Imsss, "objectives", Tag::Objectives),
    (Ns::Imsss, "primaryObjective", Tag::PrimaryObjective),
    (Ns::Imsss, "objective", Tag::Objective),
    (Ns::Imsss, "minNormalizedMeasure", Tag::MinNormalizedMeasure),
    (Ns::Imsss, "mapInfo", Tag::MapInfo),
    (
        Ns::Imsss,
        "randomizationControls",
        Tag::RandomizationControls,
    ),
    (Ns::Imsss, "deliveryControls", Tag::DeliveryControls),
    (
        Ns::Adlseq,
        "constrainedChoiceConsiderations",
        Tag::ConstrainedChoice,
    ),
    (
        Ns::Adlseq,
        "constrainChoiceConsiderations",
        Tag::ConstrainedChoice,
    ),
    (
        Ns::Adlseq,
        "rollupConsiderations",
        Tag::RollupConsiderations,
    ),
    (Ns::Adlseq, "objectives", Tag::AdlObjectives),
    (Ns::Adlseq, "objective", Tag::AdlObjective),
    (Ns::Adlseq, "mapInfo", Tag::AdlMapInfo),
    (Ns::Adlnav, "presentation", Tag::Presentation),
    (Ns::Adlnav, "navigationInterface", Tag::NavigationInterface),
    (Ns::Adlnav, "hideLMSUI", Tag::HideLmsUi),
    (Ns::Lom, "lom", Tag::Lom),
    (Ns::Lom, "general", Tag::General),
    (Ns::Lom, "title", Tag::LomTitle),
    (Ns::Lom, "langstring", Tag::LangString),
    (Ns::Lom, "string", Tag::LangString),
];

/// The tag of an element, and whether its name is in the right case. Elements without a namespace count as content
/// packaging.
pub(super) fn tag(ns: Ns, local: &str) -> (Tag, bool) {
    let ns = if ns == Ns::None { Ns::Cp } else { ns };
    let known = || ELEMENTS.iter().filter(|(of, ..)| *of == ns);
    if let Some(&(.., tag)) = known().find(|(_, name, _)| *name == local) {
        return (tag, true);
    }
    match known().find(|(_, name, _)| name.eq_ignore_ascii_case(local)) {
        Some(&(.., tag)) => (tag, false),
        None => (Tag::Unknown, true),
    }
}
