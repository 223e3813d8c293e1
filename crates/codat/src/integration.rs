//! An integration: a platform that a company can be connected to.
//!
//! Source: platform API 3.0.0, schema `Integration`; live answers spell `datatype` where the schema says `dataType`.

use crate::json::{Object, readable};
use crate::list::judge_page;
use crate::words::open_enum;
use crate::{ApiError, DataType, ListQuery, Page, PlatformKey, SourceType, answer};
use jiff::Timestamp;
use url::Url;
use web::Response;

open_enum! {
    /// What can be done with a data type.
    FeatureType {
        /// It can be read.
        Get = "Get",
        /// It can be made.
        Post = "Post",
        /// It can be changed.
        Put = "Put",
        /// It can be deleted.
        Delete = "Delete",
        /// It is sorted into categories.
        Categorization = "Categorization",
        /// It can be read as a PDF.
        GetAsPdf = "GetAsPdf",
        /// An attachment's content can be read.
        DownloadAttachment = "DownloadAttachment",
        /// An attachment's description can be read.
        GetAttachment = "GetAttachment",
        /// The list of attachments can be read.
        GetAttachments = "GetAttachments",
        /// Attachments can be added.
        UploadAttachment = "UploadAttachment",
    }
}

open_enum! {
    /// How finished a feature is.
    FeatureState {
        /// Finished.
        Release = "Release",
        /// First tries.
        Alpha = "Alpha",
        /// Nearly finished.
        Beta = "Beta",
        /// About to be removed.
        Deprecated = "Deprecated",
        /// The platform cannot.
        NotSupported = "NotSupported",
        /// Codat cannot.
        NotImplemented = "NotImplemented",
    }
}

impl FeatureState {
    /// Whether it can be used today.
    pub const fn is_usable(&self) -> bool {
        matches!(self, Self::Release | Self::Alpha | Self::Beta | Self::Deprecated)
    }
}

/// An integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// The platform, such as `gbol`.
    pub key: PlatformKey,
    /// Its name.
    pub name: Option<String>,
    /// Its logo; https only.
    pub logo_url: Option<Url>,
    /// The kind of platform.
    pub source_type: SourceType,
    /// The source.
    pub source_id: Option<String>,
    /// The integration's id.
    pub integration_id: Option<String>,
    /// Whether the client lets its customers use it.
    pub enabled: bool,
    /// Whether a program on the person's computer does the reading.
    pub supports_offline_connector: bool,
    /// Whether Codat calls it unfinished.
    pub is_beta: bool,
    /// Who provides the data.
    pub data_provided_by: Option<String>,
    /// What can be done with each data type.
    pub data_types: Vec<DataTypeSupport>,
}

/// What can be done with a data type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataTypeSupport {
    /// The type.
    pub data_type: DataType,
    /// Each feature and how finished it is.
    pub features: Vec<(FeatureType, FeatureState)>,
}

impl DataTypeSupport {
    /// Whether it can be read today.
    pub fn can_be_read(&self) -> bool {
        self.features.iter().any(|(kind, state)| *kind == FeatureType::Get && state.is_usable())
    }

    fn read(object: Object<'_>) -> Option<Self> {
        let word = object.text("datatype").or_else(|| object.text("dataType"))?;
        let data_type = DataType::parse(word).ok()?;
        let (features, _) = readable(object.list("supportedFeatures"), |feature| {
            let kind = FeatureType::of(feature.text("featureType")?);
            let state = FeatureState::of(feature.text("featureState").unwrap_or_default());
            Some((kind, state))
        });
        Some(Self { data_type, features })
    }
}

impl Integration {
    /// The types that can be read today.
    pub fn readable_types(&self) -> impl Iterator<Item = &DataType> {
        self.data_types.iter().filter(|support| support.can_be_read()).map(|support| &support.data_type)
    }

    fn read(object: Object<'_>) -> Option<Self> {
        let key = object.text("key").and_then(|key| PlatformKey::parse(key).ok())?;
        let logo = object.text("logoUrl").and_then(|address| Url::parse(address).ok());
        Some(Self {
            key,
            name: object.name("name"),
            logo_url: logo.filter(|url| url.scheme() == "https"),
            source_type: SourceType::of(object.text("sourceType").unwrap_or_default()),
            source_id: object.name("sourceId"),
            integration_id: object.name("integrationId"),
            // What does not say that it can be used is not offered.
            enabled: object.flag("enabled").unwrap_or(false),
            supports_offline_connector: object.flag("isOfflineConnector").unwrap_or(false),
            is_beta: object.flag("isBeta").unwrap_or(false),
            data_provided_by: object.name("dataProvidedBy"),
            data_types: readable(object.list("datatypeFeatures"), DataTypeSupport::read).0,
        })
    }
}

/// Judges a list of integrations.
///
/// # Errors
/// [`ApiError`].
pub fn judge_integrations(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
) -> Result<Page<Integration>, ApiError> {
    judge_page(response, asked, now, Integration::read)
}

/// Judges one integration.
///
/// # Errors
/// [`ApiError`].
pub fn judge_integration(response: &Response, now: Timestamp) -> Result<Integration, ApiError> {
    answer::object(response, now, Integration::read)
}
