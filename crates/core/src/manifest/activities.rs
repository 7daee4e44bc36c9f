//! Organizations and items: the tree of activities.

use std::borrow::Cow;

use super::contents::Parser;
use super::error::ManifestError;
use super::model::{CompletionThreshold, Item, Organization, Prerequisites, SharedData, Text};
use super::names::{Ns, Tag};
use super::source::Element;
use super::warning::WarningCode;

/// SCORM 1.2 CAM section 2.3.2.5.5, SCORM 2004 4th Ed. CAM section 3.4.1.15.
const TIME_LIMIT_ACTIONS: &[&str] = &[
    "exit,message",
    "exit,no message",
    "continue,message",
    "continue,no message",
];
/// SCORM 2004 4th Ed. CAM section 5.2.2.1.
const HIDE_LMS_UI: &[&str] = &[
    "continue",
    "previous",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "suspendAll",
];

impl<'a> Parser<'a> {
    pub(super) fn organization<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
    ) -> Result<Organization<S>, ManifestError> {
        self.count_activity(element.at)?;
        let mut organization: Organization<S> = Organization {
            identifier: self.identifier(element, "organization"),
            structure: self.string(element, Ns::None, "structure"),
            objectives_global_to_system: self.boolean(
                element,
                Ns::Adlseq,
                "objectivesGlobalToSystem",
            ),
            shared_data_global_to_system: self.boolean(
                element,
                Ns::Adlcp,
                "sharedDataGlobalToSystem",
            ),
            at: element.at,
            ..Organization::default()
        };
        let mut title = None;
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::Title => title = Some(self.source.text()?),
                Tag::Item => {
                    let item = self.item(&child)?;
                    organization.items.push(item);
                }
                Tag::Metadata => organization.metadata = Some(Box::new(self.metadata()?)),
                Tag::Sequencing => {
                    organization.sequencing = Some(Box::new(self.sequencing(&child)?))
                }
                Tag::CompletionThreshold => {
                    organization.completion_threshold =
                        Some(Box::new(self.completion_threshold(&child)?));
                }
                _ => self.source.skip()?,
            }
        }
        organization.title = self.title(title, element, &organization.identifier);
        Ok(organization)
    }

    fn item<S: Text<'a>>(&mut self, element: &Element<'a>) -> Result<Item<S>, ManifestError> {
        self.count_activity(element.at)?;
        let mut item: Item<S> = Item {
            identifier: self.identifier(element, "item"),
            identifier_ref: self.token(element, "identifierref"),
            is_visible: self.boolean(element, Ns::None, "isvisible").unwrap_or(true),
            parameters: self.string(element, Ns::None, "parameters"),
            at: element.at,
            ..Item::default()
        };
        let mut title = None;
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::Title => title = Some(self.source.text()?),
                Tag::Item => {
                    let inner = self.item(&child)?;
                    item.items.push(inner);
                }
                Tag::Metadata => item.metadata = Some(Box::new(self.metadata()?)),
                Tag::Sequencing => item.sequencing = Some(Box::new(self.sequencing(&child)?)),
                Tag::Prerequisites => {
                    let kind: S = self.string(&child, Ns::None, "type").unwrap_or_default();
                    if *kind != *"aicc_script" {
                        self.source.warn(WarningCode::InvalidValue, child.at, &kind);
                    }
                    item.prerequisites = Some(Box::new(Prerequisites {
                        kind,
                        expression: self.source.text()?.into(),
                    }));
                }
                Tag::MaxTimeAllowed => item.max_time_allowed = Some(self.trimmed()?.into()),
                Tag::TimeLimitAction => {
                    let action = self.trimmed()?;
                    if !action.is_empty() && !TIME_LIMIT_ACTIONS.contains(&&*action) {
                        self.source
                            .warn(WarningCode::InvalidValue, child.at, &action);
                    }
                    item.time_limit_action = Some(action.into());
                }
                Tag::DataFromLms => item.data_from_lms = Some(self.source.text()?.into()),
                Tag::MasteryScore => {
                    let score = self.trimmed()?;
                    if !score.is_empty()
                        && score
                            .parse::<f64>()
                            .is_ok_and(|score| !(0.0..=100.0).contains(&score))
                    {
                        self.source
                            .warn(WarningCode::InvalidValue, child.at, &score);
                    }
                    item.mastery_score = Some(score.into());
                }
                Tag::CompletionThreshold => {
                    item.completion_threshold = Some(Box::new(self.completion_threshold(&child)?))
                }
                Tag::SharedData => self.shared_data(&mut item.shared_data)?,
                Tag::Presentation => self.presentation(&mut item.hide_lms_ui)?,
                _ => self.source.skip()?,
            }
        }
        item.items.shrink_to_fit();
        item.title = self.title(title, element, &item.identifier);
        if item.identifier_ref.as_deref().is_none_or(str::is_empty) && item.items.is_empty() {
            self.source
                .warn(WarningCode::EmptyItem, element.at, &item.identifier);
        }
        Ok(item)
    }

    fn count_activity(&mut self, at: usize) -> Result<(), ManifestError> {
        self.items += 1;
        let limit = self.source.limits().max_items;
        if self.items > limit {
            return Err(ManifestError::TooManyItems {
                at: self.source.position(at),
                limit,
            });
        }
        Ok(())
    }

    /// Activities are matched by identifier when a package is read again, so a missing one is made from the place of
    /// the activity: it stays the same as long as the manifest does.
    fn identifier<S: Text<'a>>(&mut self, element: &Element<'a>, what: &str) -> S {
        match self.token::<S>(element, "identifier") {
            Some(identifier) if !identifier.is_empty() => identifier,
            _ => {
                self.source
                    .warn(WarningCode::MissingIdentifier, element.at, element.name);
                Cow::<str>::Owned(format!("{what}-{}", self.items)).into()
            }
        }
    }

    fn title<S: Text<'a>>(
        &mut self,
        title: Option<Cow<'a, str>>,
        element: &Element<'a>,
        identifier: &str,
    ) -> S {
        let title = title.unwrap_or_default();
        if title.is_empty() {
            self.source
                .warn(WarningCode::MissingTitle, element.at, identifier);
        }
        title.into()
    }

    fn completion_threshold<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
    ) -> Result<CompletionThreshold<S>, ManifestError> {
        let attribute = self.decimal(element, "minProgressMeasure", 0.0, 1.0);
        let completed_by_measure = self.boolean(element, Ns::None, "completedByMeasure");
        let progress_weight = self.decimal(element, "progressWeight", 0.0, 1.0);
        let text = self.trimmed()?;
        let text = if text.is_empty() {
            None
        } else {
            self.checked_decimal(element.at, text, 0.0, 1.0)
        };
        Ok(CompletionThreshold {
            completed_by_measure,
            min_progress_measure: attribute.or(text),
            progress_weight,
        })
    }

    fn shared_data<S: Text<'a>>(
        &mut self,
        maps: &mut Vec<SharedData<S>>,
    ) -> Result<(), ManifestError> {
        while let Some(child) = self.source.child()? {
            if child.tag == Tag::SharedDataMap {
                self.count_sequencing(child.at, 1)?;
                maps.push(SharedData {
                    target_id: self.token(&child, "targetID").unwrap_or_default(),
                    read: self.boolean(&child, Ns::None, "readSharedData"),
                    write: self.boolean(&child, Ns::None, "writeSharedData"),
                });
            }
            self.source.skip()?;
        }
        Ok(())
    }

    fn presentation<S: Text<'a>>(&mut self, hidden: &mut Vec<S>) -> Result<(), ManifestError> {
        while let Some(child) = self.source.child()? {
            if child.tag != Tag::NavigationInterface {
                self.source.skip()?;
                continue;
            }
            while let Some(child) = self.source.child()? {
                if child.tag == Tag::HideLmsUi {
                    self.count_sequencing(child.at, 1)?;
                    let word = self.trimmed()?;
                    let word = self.word(child.at, word, HIDE_LMS_UI);
                    hidden.push(word);
                } else {
                    self.source.skip()?;
                }
            }
        }
        Ok(())
    }
}
