//! Runs that the person asks for: an answer, another login, a sync, another approval.

use super::access::Refusal;
use super::institutions::{field_view, refuse_complaints};
use super::link::draft;
use crate::activity::{Activity, ActivityKind};
use crate::driver::Connections;
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionKey};
use crate::item::ItemFacts;
use crate::pluggy_config::PluggyConfig;
use crate::step::Event;
use crate::view::{FieldView, LinkView};
use pluggy::{ApiError, Connector, ErrorKind, Form, Item, Parameters, Question};

impl Connections {
    /// Answers the institution's question.
    ///
    /// # Errors
    /// No question, a malformed or late answer, provider trouble, offline.
    pub async fn answer_link(&self, key: &ConnectionKey, values: Parameters) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let question = self.state().pluggy.items.get(key).and_then(Question::of);
        let question = question.ok_or_else(|| CoreError::new(ErrorCode::AnswerTooLate))?;
        if question.is_over(self.now()) {
            self.look_soon(key).await;
            return Err(CoreError::new(ErrorCode::AnswerTooLate));
        }
        let form = Form { fields: vec![question.field] };
        refuse_complaints(&form.complaints(&values))?;
        let revision = self.state().pluggy.begin_run(key);
        let item = self
            .ask_pluggy(
                &config,
                Some(&facts.item_id),
                |api, credential| api.answer_mfa(credential, &facts.item_id, &values),
                |answer, now| pluggy::judge_submission(answer, &values, now),
            )
            .await;
        if let Err(Refusal::Api(ApiError { kind: ErrorKind::NotFound, .. })) = &item {
            // The item asks nothing any more. Whether it is there at all is for the look to say.
            self.look_soon(key).await;
            return Err(CoreError::new(ErrorCode::AnswerTooLate).with("provider", "Pluggy"));
        }
        let line = self.line_for(key, ActivityKind::AnswerSubmitted)?;
        self.take_run(key, &config, revision, item, Some(line)).await
    }

    /// The form for giving user and password again.
    ///
    /// # Errors
    /// Unknown connection, provider trouble, offline.
    pub async fn link_form(&self, key: &ConnectionKey) -> Result<Vec<FieldView>, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let connector = self.connector(&config.key, facts.institution).await?;
        Ok(Form::of(&connector).fields.iter().map(field_view).collect())
    }

    /// Gives user and password again; in place, so name, history and data stay.
    ///
    /// # Errors
    /// A malformed form, provider trouble, offline.
    pub async fn sign_in_again(
        &self,
        key: &ConnectionKey,
        values: Parameters,
    ) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let connector = self.connector(&config.key, facts.institution).await?;
        refuse_complaints(&Form::of(&connector).complaints(&values))?;
        if facts.is_gone() {
            return self.make_again(key, &config, &connector, values).await;
        }
        self.run(key, &config, &facts, Some(values), Some(ActivityKind::LoginSubmitted)).await
    }

    /// Makes another item for a connection whose own is gone.
    async fn make_again(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        connector: &Connector,
        values: Parameters,
    ) -> Result<LinkView, CoreError> {
        let revision = self.state().pluggy.begin_run(key);
        let mut draft = draft(config, connector.id, values, true);
        let mut made = self.create_item(config, &draft).await;
        if let Err(Refusal::Api(ApiError { kind: ErrorKind::AlreadyExists { items }, .. })) = &made {
            // One that is unknown here was made when the answer was lost; one that is known is another login.
            let unknown: Vec<String> =
                items.iter().filter(|id| !self.is_known(&config.key, id)).cloned().collect();
            made = match self.first_at(config, connector, &unknown).await {
                Ok(Some(item)) => Ok(item),
                Ok(None) => {
                    draft.options.avoid_duplicates = Some(false);
                    self.create_item(config, &draft).await
                }
                Err(refusal) => Err(refusal),
            };
        }
        if let Ok(item) = &made {
            let item_id = item.id.clone();
            self.apply(key, Event::ItemReplaced { item_id }, |_| Vec::new()).await?;
        }
        let line = self.line_for(key, ActivityKind::LoginSubmitted)?;
        self.take_run(key, config, revision, made, Some(line)).await
    }

    fn is_known(&self, config: &ConfigKey, item: &str) -> bool {
        self.link_of_item(config, &[item.to_owned()]).is_some()
    }

    /// Asks for another run with what Pluggy has: a sync, a reconnect, or another approval.
    ///
    /// # Errors
    /// Provider trouble (Pluggy takes 20 of these a minute), offline.
    pub async fn run_again(&self, key: &ConnectionKey) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        self.run(key, &config, &facts, None, None).await
    }

    async fn run(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
        values: Option<Parameters>,
        kind: Option<ActivityKind>,
    ) -> Result<LinkView, CoreError> {
        let revision = self.state().pluggy.begin_run(key);
        let item = self.update_item(config, &facts.item_id, values.as_ref()).await;
        let line = kind.map(|kind| self.line_for(key, kind)).transpose()?;
        self.take_run(key, config, revision, item, line).await
    }

    /// What Pluggy said to something that the person asked for.
    async fn take_run(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        revision: u64,
        item: Result<Item, Refusal>,
        line: Option<Activity>,
    ) -> Result<LinkView, CoreError> {
        match item {
            // The person has asked for something else meanwhile, and that was answered first or will be.
            Ok(_) if self.state().pluggy.revision(key) != revision => {
                self.write(Vec::new(), line.into_iter().collect()).await?;
                self.show_link(key)
            }
            Ok(item) => {
                {
                    let mut state = self.state();
                    state.pluggy.errors.remove(key);
                    // Looks that began while this was on its way may have seen what was before it.
                    state.pluggy.begin_run(key);
                }
                self.apply(key, Event::Asked, |_| Vec::new()).await?;
                self.write(Vec::new(), line.into_iter().collect()).await?;
                self.saw(key, item).await?;
                self.show_link(key)
            }
            Err(refusal) => {
                let told = refusal.told(config.is_limited());
                self.state().pluggy.errors.insert(key.clone(), told.clone().into());
                self.look_soon(key).await;
                Err(told)
            }
        }
    }
}
